"""SQL and rows: the only place of the kiosk that writes a statement."""
