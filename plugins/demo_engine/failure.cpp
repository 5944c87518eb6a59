#include "failure.hpp"

#include <cstdint>

#include "id.hpp"
#include "stack_frames.hpp"

namespace demo_engine {
namespace {

constexpr std::size_t kMessageUnits = 666;
constexpr const char* kWrapper =
    "Error while evaluating expression: ${invoices.book(execution.getVariable('invoice'))}. Cause: ";

std::string no_job_in_old_words(const std::string& id) {
  return "No job found with id '" + id + "'.";
}

/// A number that is the same for the same item and different for most others.
std::uint64_t number_of(const std::string& item) {
  std::uint64_t number = 0xCBF29CE484222325ULL;
  for (const char c : item) number = (number ^ static_cast<std::uint8_t>(c)) * 0x100000001B3ULL;
  return number;
}

/// As a client library says it, with everything that differs from call to call.
std::string timeout_message(const std::string& item) {
  const auto number = number_of(item);
  const Instant at{Milliseconds{1'795'450'083'430 + static_cast<Milliseconds::rep>(number % 86'400'000)}};
  return "java.net.SocketTimeoutException: Read timed out after " + std::to_string(30'000 + number % 97) +
         " ms: GET https://crm.example/customers/" + item + "?view=full&locale=de (request " +
         to_text({number, number_of(item + '/')}) + ", sent " + to_engine_date(at) + ", try '" +
         std::to_string(number % 5) + "')";
}

std::string message_of_work(const Failure& failure) {
  const std::string& item = failure.item;
  switch (failure.cause) {
    case FailureCause::payment_refused:
      return "java.lang.IllegalStateException: Payment gateway refused invoice " + item +
             " <b>(code 4711)</b> \"limit exceeded\" for Müller & Søn — 1.250,00 €";
    case FailureCause::duplicate_key: {
      std::string text =
          "org.springframework.dao.DuplicateKeyException: PreparedStatementCallback; SQL [INSERT INTO "
          "booking (invoice_no, ledger, amount, remark) VALUES (?, ?, ?, ?)]; Unique index or primary key "
          "violation: \"public.ux_booking_invoice ON public.booking(invoice_no NULLS FIRST) VALUES ( /* 42 "
          "*/ '" +
          item + "' )\"\n<script>alert('remark')</script> находится в журнале 東京支店; rows already booked:";
      for (int row = 1; row <= 12; ++row)
        text += "\n  row " + std::to_string(row) + ": ledger=EU-" + std::to_string(4000 + row) +
                ", remark='it's \"paid\"'";
      return text;
    }
    case FailureCause::service_timeout:
      return timeout_message(item);
    case FailureCause::external_task_missing:
      return "Cannot find external task with id " + item + ": externalTask is null";
    case FailureCause::job_missing:
      return "ENGINE-13053 No job found with id '" + item + "'.'";
    case FailureCause::seed_configuration:
      return "ENGINE-17003 Could not read the batch configuration: Unexpected end-of-input within array of "
             "ids "
             "(\"processInstanceIds\") at offset " +
             item;
    case FailureCause::lock_conflict:
      return "ENGINE-03005 Execution of 'DELETE MessageEntity[" + item +
             "]' failed. Entity was updated by another transaction concurrently.";
  }
  return {};
}

}  // namespace

std::string whole_message(const Failure& failure) {
  const bool of_expression = failure.cause == FailureCause::payment_refused ||
                             failure.cause == FailureCause::duplicate_key ||
                             failure.cause == FailureCause::service_timeout;
  if (failure.old_words && failure.cause == FailureCause::job_missing)
    return no_job_in_old_words(failure.item);
  return (failure.old_words && of_expression ? kWrapper : "") + message_of_work(failure);
}

FailurePtr make_failure(FailureCause cause, const std::string& item, bool old_words) {
  std::string activity;
  if (cause == FailureCause::payment_refused) activity = "approve";
  if (cause == FailureCause::duplicate_key) activity = "book-invoice";
  return std::make_shared<const Failure>(Failure{cause, item, std::move(activity), old_words});
}

std::string shown_message(const Failure& failure) {
  const std::string text = whole_message(failure);
  std::size_t units = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const auto lead = static_cast<std::uint8_t>(text[end]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::size_t needed = bytes == 4 ? 2 : 1;
    if (units + needed > kMessageUnits) break;
    units += needed;
    end += bytes;
  }
  return text.substr(0, end);
}

std::string stack_trace(const Failure& failure) {
  const std::string message = whole_message(failure);
  const std::string work = message_of_work(failure);
  switch (failure.cause) {
    case FailureCause::payment_refused:
      return delegate_trace(message, work, "com.example.invoice.PaymentGateway.pay(PaymentGateway.java:88)",
                            "java.io.IOException: connection reset by erp.example:443 while sending");
    case FailureCause::duplicate_key:
      return delegate_trace(
          message, work, "com.example.booking.LedgerWriter.insert(LedgerWriter.java:142)",
          "org.h2.jdbc.JdbcSQLIntegrityConstraintViolationException: Unique index or primary key "
          "violation [23505-232]");
    case FailureCause::service_timeout:
      return delegate_trace(message, work, "com.example.crm.CustomerClient.load(CustomerClient.java:57)",
                            "java.net.SocketException: Closed by interrupt");
    case FailureCause::external_task_missing:
      return command_trace(
          "org.operaton.bpm.engine.exception.NotFoundException: " + message,
          "org.operaton.bpm.engine.impl.cmd.ExternalTaskCmd.execute(ExternalTaskCmd.java:56)");
    case FailureCause::job_missing:
      return command_trace("org.operaton.bpm.engine.ProcessEngineException: " + message,
                           "org.operaton.bpm.engine.impl.cmd.SetJobRetriesCmd.setJobRetriesByJobId("
                           "SetJobRetriesCmd.java:119)");
    case FailureCause::seed_configuration:
      return command_trace(
          "org.operaton.bpm.engine.ProcessEngineException: " + message,
          "org.operaton.bpm.engine.impl.batch.BatchSeedJobHandler.execute(BatchSeedJobHandler.java:46)");
    case FailureCause::lock_conflict:
      return command_trace("org.operaton.bpm.engine.OptimisticLockingException: " + message,
                           "org.operaton.bpm.engine.impl.db.entitymanager.DbEntityManager."
                           "handleConcurrentModification(DbEntityManager.java:418)");
  }
  return {};
}

}  // namespace demo_engine
