"""The same model class on the movie reviews of the ERASER benchmark (DeYoung et al. 2020)."""
