"""Image providers: cloud models and the local pipeline, behind one port."""
