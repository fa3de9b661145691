"""Comms, the wires between a widget in Python and its view, over the messages of this kernel."""

from importlib.util import find_spec


def connect(kernel):
    """Put our comm in place of the package's own, once a cell has loaded that package; tell whether it has."""
    if find_spec("comm") is None:
        return False
    import comm
    from comm.base_comm import BaseComm

    class PageComm(BaseComm):
        def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
            content = {"data": data or {}, "comm_id": self.comm_id, **keys}
            kernel.publish(msg_type, content, metadata, [bytes(part) for part in buffers or []])

    comm.create_comm = PageComm
    return True


def receive(kind, message):
    """Give a message of the page to the comm that it names."""
    import comm

    getattr(comm.get_comm_manager(), kind)(None, None, message)
