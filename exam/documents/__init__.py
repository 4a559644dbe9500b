"""Files made for a pupil when asked for (`exam.documents.make`), and files a pupil hands back (`exam.documents.returned`)."""
