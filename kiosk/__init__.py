"""The server in the room: screens parse, actions act in one transaction, stores hold the SQL."""
