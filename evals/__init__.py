"""Answer quality: cases, metrics, runs and the gate."""
