"""The page door: parse a form, call the same action as the API, render."""
