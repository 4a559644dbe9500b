"""Acts: one function, one transaction, its log records; no request and no response in sight."""
