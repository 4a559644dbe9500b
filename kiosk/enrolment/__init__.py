"""Files of sessions and candidates, pure: what a file says, and every reason why it cannot be taken, by line and field."""
