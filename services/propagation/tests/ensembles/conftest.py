from computing import compiled

__all__ = ["compiled"]
