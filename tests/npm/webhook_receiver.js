'use strict';

// Receives webhooks as somebody's program does: checks each with the library of Standard Webhooks. The first line out is
// the port; then a line, a JSON object, for every request. Lines in: {"secret": …}, and {"status": …, "location": …,
// "delay_ms": …} for how to answer from now on.

const http = require('node:http');
const readline = require('node:readline');
const { Webhook } = require('standardwebhooks');

let secret;
let answer = { status: 204 };

function verdict(headers, body) {
  try {
    new Webhook(secret).verify(body, headers);
    return 'accepted';
  } catch (error) {
    return error.message;
  }
}

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces).toString('utf8');
    console.log(JSON.stringify({
      verdict: verdict(request.headers, body),
      id: request.headers['webhook-id'],
      agent: request.headers['user-agent'],
      path: request.url,
      body: JSON.parse(body),
    }));
    const { status, location, delay_ms } = answer;
    setTimeout(() => {
      response.writeHead(status, location ? { Location: location } : {});
      response.end();
    }, delay_ms || 0);
  });
});

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const said = JSON.parse(line);
  if (said.secret) secret = said.secret;
  if (said.status) answer = said;
});

server.listen(Number(process.argv[2] || 0), '127.0.0.1', () => console.log(server.address().port));
