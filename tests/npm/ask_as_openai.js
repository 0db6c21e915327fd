'use strict';

// Talks to an agent with the client library of OpenAI, as it is. Arguments: base URL, key, model, id of a chat. A line in
// names what to do; a line out is what came of it, as JSON.

const readline = require('node:readline');
const { OpenAI } = require('openai');

const [baseURL, apiKey, model, chatId] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const question = (content) => [{ role: 'user', content }];

const actions = {
  async models() {
    const names = [];
    for await (const one of client.models.list()) names.push(one.id);
    return names;
  },
  async model() {
    const one = await client.models.retrieve(model);
    return { id: one.id, object: one.object };
  },
  async complete() {
    const answer = await client.chat.completions.create({ model, messages: question('How many cities?') });
    return { content: answer.choices[0].message.content, usage: answer.usage };
  },
  async stream() {
    const pieces = [];
    let usage = null;
    const stream = await client.chat.completions.create({
      model,
      messages: question('How many cities?'),
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) {
      if (chunk.choices.length > 0 && chunk.choices[0].delta.content) pieces.push(chunk.choices[0].delta.content);
      if (chunk.usage) usage = chunk.usage;
    }
    return { pieces, usage };
  },
  async helper() {
    const stream = client.chat.completions.stream({
      model,
      messages: question('And now?'),
      metadata: { chat_id: chatId },
    });
    return { content: await stream.finalContent() };
  },
  async wrong_key() {
    const stranger = new OpenAI({ baseURL, apiKey: 'a.b.c', maxRetries: 0 });
    try {
      await stranger.chat.completions.create({ model, messages: question('?') });
      return { error: null };
    } catch (error) {
      return { error: error.constructor.name, status: error.status, type: error.type };
    }
  },
  async unknown_model() {
    try {
      await client.models.retrieve('nobody');
      return { error: null };
    } catch (error) {
      return { error: error.constructor.name, status: error.status, code: error.code };
    }
  },
  async wrong_model() {
    try {
      await client.chat.completions.create({ model: 'nobody', messages: question('?') });
      return { error: null };
    } catch (error) {
      return { error: error.constructor.name, status: error.status, code: error.code };
    }
  },
};

readline.createInterface({ input: process.stdin }).on('line', async (name) => {
  try {
    console.log(JSON.stringify(await actions[name]()));
  } catch (error) {
    console.log(JSON.stringify({ failed: String(error) }));
  }
});
