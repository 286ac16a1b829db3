"""Where the jar is, in Maven's terms; scripts/make_wheel takes the version from the pom."""

VERSION = "0.1.0"
COORDINATES = "io.deepfm:deepfm-spark:" + VERSION
