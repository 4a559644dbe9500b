"""Certification day as rules: a candidate's time, states and acts around the certification sitting, and their replay."""
