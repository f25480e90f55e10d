# 計画ナビ / Keikaku Navi. The image holds programs and weights; all state is in /data. Build: docker build -t keikaku-navi .
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY corpus corpus
COPY index index
COPY assistant assistant
COPY evals evals
COPY ui ui
# torch first and pinned: unpinned it pulls gigabytes of CUDA packages.
RUN python -m venv /opt/keikaku \
 && /opt/keikaku/bin/pip install --no-cache-dir -c constraints.txt torch \
 && /opt/keikaku/bin/pip install --no-cache-dir -c constraints.txt . \
 && KEIKAKU_MODEL_DIR=/opt/models /opt/keikaku/bin/keikaku model fetch multilingual-e5-small

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data keikaku \
 && install -d -o keikaku -g keikaku -m 0700 /data
COPY --from=build /opt/keikaku /opt/keikaku
COPY --from=build /opt/models /opt/models
ENV PATH=/opt/keikaku/bin:$PATH KEIKAKU_DATA_DIR=/data KEIKAKU_MODEL_DIR=/opt/models KEIKAKU_LOG=json \
    HOME=/tmp PYTHONDONTWRITEBYTECODE=1
USER keikaku
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
# Beyond loopback it serves only once somebody can sign in: docker compose run --rm app user add NAME --role admin
ENTRYPOINT ["keikaku"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
