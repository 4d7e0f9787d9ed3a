//! The GPU's device, opened once, with its errors caught.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use burn::tensor::Device;
use burn_wgpu::wgpu::ErrorFilter;
use burn_wgpu::{MemoryConfiguration, WgpuSetup};

use shoal_protocol::GpuError;

/// An open device. A worker opens one device, once.
pub struct GpuDevice {
    tensors: Device,
    setup: WgpuSetup,
}

/// The memory of the device's allocator, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryUse {
    /// Used by live tensors.
    pub in_use_bytes: u64,
    /// Allocated from the device, including memory that is kept for reuse.
    pub reserved_bytes: u64,
}

impl GpuDevice {
    /// Opens the device that the browser prefers for speed.
    ///
    /// # Errors
    /// [`GpuError::Unavailable`] when there is none or it cannot be opened.
    pub async fn open() -> Result<Self, GpuError> {
        let options = Device::wgpu_options().memory_config(MemoryConfiguration::ExclusivePages);
        let opened = options.init_with_setup_async().await;
        let (tensors, setup) = opened.map_err(|error| GpuError::Unavailable(error.to_string()))?;
        Ok(Self { tensors, setup })
    }

    /// The device as tensors take it.
    pub fn tensors(&self) -> Device {
        self.tensors.clone()
    }

    /// The output of `work`, unless the device rejects a command that `work` submits before it first waits, for example for
    /// lack of memory or because a shader fails. Without this check, such an error would silently leave wrong values.
    ///
    /// # Errors
    /// [`GpuError::Lost`] with the device's message.
    pub async fn watched<T>(&self, work: impl Future<Output = T>) -> Result<T, GpuError> {
        let mut work = pin!(work);
        let scopes = [ErrorFilter::Internal, ErrorFilter::OutOfMemory, ErrorFilter::Validation]
            .map(|filter| self.setup.device.push_error_scope(filter));
        // Opened and closed without waiting in between, so that concurrent work stays out of these scopes.
        let first = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await;
        let errors: Vec<_> = scopes.into_iter().rev().map(|scope| scope.pop()).collect();
        let output = match first {
            Poll::Ready(output) => output,
            Poll::Pending => work.await,
        };
        for error in errors {
            if let Some(error) = error.await {
                return Err(GpuError::Lost(error.to_string()));
            }
        }
        Ok(output)
    }

    /// The memory of the device's allocator, if it reports that.
    pub fn memory_use(&self) -> Option<MemoryUse> {
        let usage = self.tensors.memory_pool_usage()?;
        Some(MemoryUse { in_use_bytes: usage.bytes_in_use, reserved_bytes: usage.bytes_reserved })
    }
}
