#pragma once

// The closed sets of words that the module stores and sends. A request with a word outside its set
// is refused with 422; old rows may hold others, which are shown as they are. Constants; any
// thread.

#include "base/vocabulary.h"

namespace parley::leads {

enum class MessageType { Text, Voice, Image, File, SystemNotification };
enum class SenderType { Agent, Lead, System, BusinessOwner };
enum class MessageStatus { Draft, Sent, Delivered, Read, Failed };
enum class DeliveryStatus { Pending, SentToExternal, Delivered, Failed };
enum class SessionStatus { Active, Completed, Escalated, Timeout, Paused, TakenOver };
/// What happened to a lead: events that open sessions.
enum class TriggerType {
  NewLead,
  FormSubmission,
  EmailOpened,
  WebsiteVisit,
  MeetingScheduled,
  SupportTicket,
  MessageReceived
};
enum class SessionGoal {
  QualifyLead,
  ProvideSupport,
  CloseLead,
  BookAppointment,
  FollowUpLead,
  EngageVisitor,
  PrepareMeeting,
  EngageLead,
  ProvidePricing,
  ProvideInformation
};
/// Of both ages of the original.
enum class LeadStatus { New, Contacted, Qualified, Won, Lost, InProgress, Closed, Completed };
enum class TaskStatus { Pending, Executed, Cancelled, Failed, Skipped };
/// What became of a message that came in.
enum class RoutingDecision {
  ExistingSession,
  ExistingSessionTakenOver,
  NewSessionCreated,
  SessionEscalated,
  NoAgentAvailable,
  OwnerMessage
};
/// What the server still has to write.
enum class JobKind { Greeting, Reply };
enum class JobState { Queued, Running, Done, Failed };

}  // namespace parley::leads

namespace parley {

template <>
inline constexpr auto words_of<leads::MessageType> =
    std::to_array<std::string_view>({"text", "voice", "image", "file", "system_notification"});
template <>
inline constexpr auto words_of<leads::SenderType> =
    std::to_array<std::string_view>({"agent", "lead", "system", "business_owner"});
template <>
inline constexpr auto words_of<leads::MessageStatus> =
    std::to_array<std::string_view>({"draft", "sent", "delivered", "read", "failed"});
template <>
inline constexpr auto words_of<leads::DeliveryStatus> =
    std::to_array<std::string_view>({"pending", "sent_to_external", "delivered", "failed"});
template <>
inline constexpr auto words_of<leads::SessionStatus> = std::to_array<std::string_view>(
    {"active", "completed", "escalated", "timeout", "paused", "taken_over"});
template <>
inline constexpr auto words_of<leads::TriggerType> =
    std::to_array<std::string_view>({"new_lead", "form_submission", "email_opened", "website_visit",
                                     "meeting_scheduled", "support_ticket", "message_received"});
template <>
inline constexpr auto words_of<leads::SessionGoal> = std::to_array<std::string_view>(
    {"qualify_lead", "provide_support", "close_lead", "book_appointment", "follow_up_lead",
     "engage_visitor", "prepare_meeting", "engage_lead", "provide_pricing", "provide_information"});
template <>
inline constexpr auto words_of<leads::LeadStatus> = std::to_array<std::string_view>(
    {"new", "contacted", "qualified", "won", "lost", "in_progress", "closed", "completed"});
template <>
inline constexpr auto words_of<leads::TaskStatus> =
    std::to_array<std::string_view>({"pending", "executed", "cancelled", "failed", "skipped"});
template <>
inline constexpr auto words_of<leads::RoutingDecision> = std::to_array<std::string_view>(
    {"existing_session", "existing_session_taken_over", "new_session_created", "session_escalated",
     "no_agent_available", "owner_message"});
template <>
inline constexpr auto words_of<leads::JobKind> =
    std::to_array<std::string_view>({"greeting", "reply"});
template <>
inline constexpr auto words_of<leads::JobState> =
    std::to_array<std::string_view>({"queued", "running", "done", "failed"});

}  // namespace parley
