# dd-doctor in an image of its own: docker build -t dd-doctor .
# Versions are not pinned: a security update of Debian must not wait for this file.
FROM swift:6.2-bookworm AS build
WORKDIR /src
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends libcurl4-openssl-dev \
  && rm -rf /var/lib/apt/lists/*
COPY Package.swift ./
COPY Sources Sources
COPY checks checks
COPY Tests Tests
RUN swift build -c release --product dd-doctor \
  --static-swift-stdlib --disable-local-rpath -Xlinker -s

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates libcurl4 \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/.build/release/dd-doctor /usr/local/bin/
USER 65534
ENTRYPOINT ["dd-doctor"]
