"""The analysts' side, on a laptop: KPI tables and plots over an export of the tables."""
