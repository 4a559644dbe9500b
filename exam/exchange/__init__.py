"""Items in and out of other people's formats: QTI 2.2 and 3.0, Moodle XML, GIFT. What cannot keep its meaning is refused."""
