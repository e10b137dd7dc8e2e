# The console for real AWS. The sandbox is not in this image: it gives out shells of the machine it runs on.
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/server/package.json apps/server/
COPY apps/web/package.json apps/web/
COPY packages/aws-sandbox/package.json packages/aws-sandbox/
COPY packages/ssm-data-channel/package.json packages/ssm-data-channel/
COPY packages/terminal-checkpoint/package.json packages/terminal-checkpoint/
COPY packages/wire-contract/package.json packages/wire-contract/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile
COPY . .
RUN npx --yes pnpm@12.21.0 --filter @causeway/web --filter @causeway/server run build \
 && npx --yes pnpm@12.21.0 --filter @causeway/server deploy --prod --legacy /deploy

FROM node:24-bookworm-slim
ENV NODE_ENV=production CAUSEWAY_LISTEN=0.0.0.0:4123 CAUSEWAY_DATA_DIR=/data
WORKDIR /app/apps/server
COPY --from=build /deploy/node_modules ./node_modules
COPY --from=build /src/apps/server/dist ./dist
COPY --from=build /src/apps/web/dist ../web/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4123
HEALTHCHECK --interval=15s --timeout=3s CMD ["node", "-e", "require('node:http').get({ port: 4123, path: '/healthz', headers: { host: new URL(process.env.CAUSEWAY_PUBLIC_URL).host } }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "dist/main.js"]
