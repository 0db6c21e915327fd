'use strict';

// Checks signatures as a receiver of webhooks does. A line in, a JSON object with `secret`, `headers` and `body`; a line
// out, `accepted` or why not.

const readline = require('node:readline');
const { Webhook } = require('standardwebhooks');

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { secret, headers, body } = JSON.parse(line);
  try {
    new Webhook(secret).verify(body, headers);
    console.log('accepted');
  } catch (error) {
    console.log(error.message);
  }
});
