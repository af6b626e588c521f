"""A studio for a team under the load of a team, for as long as one likes."""
