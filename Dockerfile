# Temper's worker. No Alpine: Temporal's core needs glibc.
FROM node:20-bookworm-slim AS build
WORKDIR /temper
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
# known_hosts is read by ssh-keygen; ssh itself serves a proxyCommand.
RUN apt-get update && apt-get install -y --no-install-recommends openssh-client && rm -rf /var/lib/apt/lists/*
WORKDIR /temper
COPY --from=build /temper/package.json ./
COPY --from=build /temper/node_modules node_modules
COPY --from=build /temper/dist dist
COPY --from=build /temper/templates templates
CMD ["node", "dist/src/worker/main.js"]
