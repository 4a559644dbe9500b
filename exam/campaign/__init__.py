"""The campaign engine: what a pupil knows after each answer, and which question teaches us most next."""
