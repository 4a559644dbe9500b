"""What a browser sees: templates, static files, words in both languages. It knows no SQL and no rule."""
