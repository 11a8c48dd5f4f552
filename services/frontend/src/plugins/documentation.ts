import fp from "fastify-plugin";

export const documentation = fp((_app, _options, done) => done(), "5.x");
