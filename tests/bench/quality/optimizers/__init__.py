"""Who is judged: ours behind the C++ program, the Python originals behind peers/server.py, both over JSON lines."""
