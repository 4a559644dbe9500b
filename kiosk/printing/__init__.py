"""Documents made to be kept on paper or as PDF: templates, the fonts they embed, and the one place that compiles them."""
