#include "chat/chats.h"
#include "chat/operations.h"
#include "chat/problems.h"
#include "chat/routes.h"
#include "chat/runs.h"
#include "chat/send.h"
#include "chat/wire.h"

namespace parley::chat {
namespace {

using http::Request;
using http::Response;

Prepare create_with(const Context& context) {
  return [&clock = context.host.clock](const Request& request) {
    return writing([&clock, wanted = later(read_new_chat, request)](store::UnitOfWork& unit,
                                                                    const Caller& caller) {
      const NewChat& asked = wanted.value();
      const AgentRow agent = agent_then_access(unit.connection, caller);
      if (asked.agent_id && *asked.agent_id != agent.id) {
        throw http::bad_request("Agent ID mismatch");
      }
      const ChatRow chat = create_chat(unit, caller, agent, asked.title, clock.now());
      return Response::json(201, chat_json(chat));
    });
  };
}

Task list(const Request& request) {
  return reading([window = later(read_window, request)](database::Connection& connection,
                                                        const Caller& caller) {
    const Window& part = window.value();
    agent_then_access(connection, caller);
    const ChatPage page = list_chats(connection, caller, part);
    json::array chats;
    for (const auto& [chat, count] : page.chats) chats.push_back(chat_json(chat, count));
    return Response::json(200, JsonObject{{"chats", std::move(chats)}, {"total", page.total}});
  });
}

Task show(const Request&) {
  return reading([](database::Connection& connection, const Caller& caller) {
    agent_then_access(connection, caller);
    const ChatRow chat = chat_for(connection, caller);
    return Response::json(200, conversation_json(chat, messages_of(connection, chat.id)));
  });
}

Prepare rename_with(const Context& context) {
  return [&clock = context.host.clock](const Request& request) {
    return writing([&clock, title = later(read_title, request)](store::UnitOfWork& unit,
                                                                const Caller& caller) {
      const std::optional<std::string>& wanted = title.value();
      require_access(caller);
      const ChatRow chat = locked_chat_for(unit.connection, caller);
      return Response::json(200, chat_json(rename_chat(unit, chat, wanted, clock.now())));
    });
  };
}

Task remove(const Request&) {
  return writing([](store::UnitOfWork& unit, const Caller& caller) {
    require_access(caller);
    const ChatRow chat = locked_chat_for(unit.connection, caller);
    delete_chat(unit, chat);
    drop_runs_of(unit.connection, chat.id);
    return ok_message("Chat deleted successfully");
  });
}

Prepare edit_with(const Context& context) {
  return [&clock = context.host.clock](const Request& request) {
    return writing([&clock, content = later(read_content, request)](store::UnitOfWork& unit,
                                                                    const Caller& caller) {
      const std::string& wanted = content.value();
      access_then_agent(unit.connection, caller);
      const ChatRow chat = locked_chat_for(unit.connection, caller);
      return Response::json(200,
                            message_json(edit_message(unit, caller, chat, wanted, clock.now())));
    });
  };
}

}  // namespace

std::vector<http::Route> chat_routes(const Context& context) {
  const std::string chats = "/chats/{account_id}/{agent_id}";
  const std::string chat = chats + "/{chat_id}";
  const auto members = [&](Prepare prepare) {
    return for_members(context, kEverybody, std::move(prepare));
  };
  return {
      {"POST", chats, members(create_with(context)), operation::create_chat()},
      {"GET", chats, members(list), operation::list_chats()},
      {"GET", chat, members(show), operation::show_chat()},
      {"PATCH", chat, members(rename_with(context)), operation::rename_chat()},
      {"DELETE", chat, members(remove), operation::delete_chat()},
      {"POST", chat + "/messages", send_handler(context), operation::send_message()},
      {"PATCH", chat + "/messages/{message_id}", members(edit_with(context)),
       operation::edit_message()},
      {"GET", chat + "/answer", join_handler(context), operation::join_answer()},
  };
}

}  // namespace parley::chat
