// Exits with 0 if the frontend is ready: the container's health check, in an image without curl.
const url = `http://127.0.0.1:${process.env.PORT || 8080}/health/ready`;
const answer = await fetch(url, { signal: AbortSignal.timeout(4000) });
if (!answer.ok) {
  console.error(`${url}: ${answer.status}`);
  process.exitCode = 1;
}
