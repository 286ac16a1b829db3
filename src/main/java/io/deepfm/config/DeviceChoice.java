package io.deepfm.config;

/** Where training runs: Apple's MPS device where it works and else the CPU, or one of them by name. */
public enum DeviceChoice {
    AUTO,
    MPS,
    CPU
}
