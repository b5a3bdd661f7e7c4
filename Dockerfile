FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -q -B -Pquick -Dmaven.test.skip=true -pl sync-service -am package \
    && mv sync-service/target/electric-*/ /opt/electric \
    # A container is given its database; the one of the local trial stays out.
    && rm /opt/electric/lib/embedded-postgres-binaries-*.jar

FROM eclipse-temurin:25-jre
# For the health check.
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --uid 10001 --no-create-home electric \
    && install -d -o electric -g electric /var/lib/electric
COPY --from=build /opt/electric /opt/electric
# Here, because it holds for this very Java only. Without it the server starts as well, half as fast.
RUN /opt/electric/bin/make-aot /opt/electric/lib/electric.aot || true
USER electric
WORKDIR /var/lib/electric
ENV ELECTRIC_STORAGE_DIR=/var/lib/electric
VOLUME /var/lib/electric
EXPOSE 3000
# Healthy as soon as it answers: a standby that waits for its turn (202) must not be restarted.
HEALTHCHECK --interval=10s --timeout=2s --start-period=10s --retries=3 \
    CMD curl -fsS "http://127.0.0.1:${ELECTRIC_PORT:-3000}/v1/health"
ENTRYPOINT ["/opt/electric/bin/electric"]
