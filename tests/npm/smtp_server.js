'use strict';

// A mail server that does what the recipient is called: `ann@` gets her mail, others see to it that something goes wrong.
// The first line in says how to serve: a JSON object with `security` (none, starttls, tls), `key` and `cert` (PEM) and
// `user` and `password` of who must log in. The first line out is the port; then one for each message that was taken.

const readline = require('node:readline');
const { SMTPServer } = require('smtp-server');

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });
const who = (address) => address.address.split('@')[0];

function serve({ security, key, cert, user, password }) {
  // All of them: a test has one.
  const hangUp = () => server.connections.forEach((each) => each._socket.destroy());
  const server = new SMTPServer({
    secure: security === 'tls',
    hideSTARTTLS: security !== 'starttls',
    authOptional: !user,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    key,
    cert,
    onAuth(auth, session, done) {
      if (auth.username === user && auth.password === password) return done(null, { user });
      return done(refusal(535, 'Authentication failed'));
    },
    onRcptTo(address, session, done) {
      switch (who(address)) {
        case 'later': return done(refusal(451, 'Greylisted, come back later'));
        case 'never': return done(refusal(550, 'No such user here'));
        case 'drop': return hangUp();
        default: return done();
      }
    },
    onData(stream, session, done) {
      let data = '';
      stream.on('data', (chunk) => { data += chunk.toString('latin1'); });
      stream.on('end', () => {
        const to = who(session.envelope.rcptTo[0]);
        if (to === 'drop-data') return hangUp();
        if (to === 'data-later') return done(refusal(452, 'Mailbox full'));
        if (to === 'data-never') return done(refusal(554, 'This looks like spam'));
        const taken = {
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map((each) => each.address),
          data,
          connection: session.id,
          secure: session.secure,
          user: session.user || '',
        };
        const finish = () => {
          console.log(JSON.stringify(taken));
          done(null, 'Taken');
          if (to === 'close') setImmediate(() => server.connections.forEach((each) => each._socket.end()));
        };
        return to === 'slow' ? setTimeout(finish, 300) : finish();
      });
    },
  });
  server.on('error', () => {});  // Connections that end early.
  server.listen(0, '127.0.0.1', () => console.log(server.server.address().port));
}

readline.createInterface({ input: process.stdin }).once('line', (line) => serve(JSON.parse(line)));
