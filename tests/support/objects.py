"""An object store that speaks S3, on loopback, in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer

SECRET = "canary-of-the-secret-key"  # noqa: S105 (of a server that is made here)


@contextmanager
def object_store() -> Iterator[str]:
    """The address of a fresh bucket; the environment says how to reach it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        here = {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "termgate",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        with patch.dict(os.environ, here):
            bucket = f"blobs-{uuid4().hex}"
            client = boto3.client("s3")
            client.create_bucket(Bucket=bucket)
            client.close()
            yield f"s3://{bucket}/cycle"
    finally:
        server.stop()
