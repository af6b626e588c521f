"""Evaluation of cut-outs alone: folders of photos with a true mask each."""
