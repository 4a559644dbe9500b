"""What machines ask of the central instance: enrolment, records, health."""
