"""Who watches what runs: metrics, alarms, the topics they go to, dashboards."""
