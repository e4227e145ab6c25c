import pytest

from pv.evidence.quantities.device_log import device_errors

FAULTS = [
    "jaxlib._jax.XlaRuntimeError: INTERNAL: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure",
    "jax.errors.JaxRuntimeError: RESOURCE_EXHAUSTED: Out of memory while trying to allocate 20132 bytes.",
    "RESOURCE_EXHAUSTED: Failed to allocate request for 1.00GiB on device ordinal 0",
    "CUDA error: an illegal memory access was encountered",
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB",
    "error: cudaErrorIllegalAddress (700)",
    "kernel: NVRM: Xid (PCI:0000:18:00): 79, GPU has fallen off the bus.",
    "Xid 48 on device 3",
    "ncclUnhandledCudaError: Call to CUDA function failed.",
    "cudnn returned CUDNN_STATUS_EXECUTION_FAILED",
    "CUBLAS_STATUS_NOT_INITIALIZED at line 12",
    "uncorrectable ECC error encountered",
    "a misaligned address was encountered",
    "Out of memory: killed process 4242",
]
ORDINARY = [
    "step 500/500 loss 2.61 cuda:0 12 GiB in use, no error",
    "streams shards out of memory-mapped files",
    "reads documents out of memory maps",
    "device: cpu; errors: 0; faults: none",
    "the guard reports an error if the loss diverges",
    "Allocator (GPU_0_bfc) ran out of memory; the caller indicates that this is not a failure",
    "autotuner: skipped a candidate, RESOURCE_EXHAUSTED: Shared memory size limit exceeded",
    "CUDNN_STATUS_SUCCESS",
    "tokenizing xid.py, illegal.py, memory.py, cuda_errors.py, resource_exhausted.py",
    "taxid 12, maxid: 3",
    "An NVIDIA GPU may be present, but a CUDA-enabled jaxlib is not installed. Falling back to cpu.",
]


@pytest.mark.parametrize("line", FAULTS)
def test_a_fault_of_a_device_is_seen(line: str) -> None:
    assert device_errors(f"step 1\n  {line}\nstep 2\n") == (line,)


@pytest.mark.parametrize("line", ORDINARY)
def test_ordinary_words_are_no_fault(line: str) -> None:
    assert device_errors(f"step 1\n{line}\n") == ()


def test_every_line_counts_once() -> None:
    assert len(device_errors("\n".join(FAULTS + ORDINARY + FAULTS))) == 2 * len(FAULTS)
