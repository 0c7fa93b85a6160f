"""Why a file cannot be had, on a disk or in a store: each in one sentence."""

from __future__ import annotations

from extract.document import ReadError

#: the names of errors of a library that finds no account to use; they have no kind in common
_NO_ACCOUNT = frozenset(
    {
        # botocore: s3://
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "ProfileNotFound",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
        # google-auth: gs://
        "DefaultCredentialsError",
    }
)
#: what web servers answer where the account may not
_FORBIDDEN = (401, 403, 407)


def missing() -> ReadError:
    """The error for a path that leads nowhere."""
    return ReadError("文件不存在；请检查路径。", "There is no such file; check the path.")


def is_folder() -> ReadError:
    """The error for a folder where a file should be."""
    return ReadError("这是文件夹，请给出其中的文件。", "This is a folder; name a file in it.")


def is_closed() -> ReadError:
    """The error for a folder whose files cannot be listed."""
    return ReadError(
        "没有权限打开这个文件夹，其中的文件都没有读取；请检查权限。",
        "This folder may not be opened, and none of its files was read; check permissions.",
    )


def of_store(err: Exception, protocol: str, writes: bool = False) -> ReadError:
    """The error for whatever a store's library raised, as files were read there or written."""
    # fsspec says of a web server that cannot be reached, or refuses, that it has no such file
    behind = err.__cause__ if isinstance(err, FileNotFoundError) else None
    status = getattr(behind, "status", None)
    if isinstance(err, PermissionError) or status in _FORBIDDEN:
        zh, en = ("写入", "written") if writes else ("读取", "read")
        return ReadError(
            f"没有{zh}权限；请检查远程存储的账号和权限。",
            f"It may not be {en}; check the account at the store, and its permissions.",
        )
    if isinstance(behind, OSError) or (isinstance(status, int) and status >= 500):
        return _unreachable(protocol, f"HTTP {status}" if status else type(behind).__name__)
    if isinstance(err, FileNotFoundError):
        if writes:
            return ReadError(
                "那里没有这个存储桶或文件夹；请检查地址。",
                "There is no such bucket or folder; check the address.",
            )
        return missing()
    if type(err).__name__ in _NO_ACCOUNT:
        return ReadError(
            f"没有找到 {protocol}:// 的账号；请先设置账号（s3:// 用环境变量 AWS_PROFILE 或密钥）。",
            f"There is no account for {protocol}://; set one first (for s3://, AWS_PROFILE or its keys).",
        )
    return _unreachable(protocol, type(err).__name__)


def _unreachable(protocol: str, why: str) -> ReadError:
    return ReadError(
        f"无法访问 {protocol}:// 上的文件（{why}）；请检查地址、账号和网络。",
        f"{protocol}:// cannot be reached ({why}); check address, account and network.",
    )
