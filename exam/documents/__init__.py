"""Files made for a pupil when asked for, and files a pupil hands back."""
