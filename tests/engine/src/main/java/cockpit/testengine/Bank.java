package cockpit.testengine;

import java.io.IOException;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What the invoice process calls: slow work, or work that fails for one of three causes, by the instance's variables. */
@Component("bank")
public class Bank {
  /** Runs when an instance leaves its task, as it does when it is deleted. */
  public void release(Object invoice, Object refused, Object delayMilliseconds) throws InterruptedException {
    if (delayMilliseconds instanceof Number delay) {
      Thread.sleep(delay.longValue());
    }
    if (Boolean.TRUE.equals(refused)) {
      transfer(invoice);
    }
    if ("ledger".equals(refused)) {
      throw new IllegalArgumentException("Ledger " + UUID.randomUUID() + " is closed for invoice " + invoice);
    }
    if ("customer".equals(refused)) {
      throw new UnsupportedOperationException(
          "No customer '" + invoice + "' was found within " + (30_000 + System.nanoTime() % 97) + " ms");
    }
  }

  private void transfer(Object invoice) {
    try {
      send(invoice);
    } catch (IOException cause) {
      // Markup, so that pages which show the message as HTML are found out.
      throw new IllegalStateException("Bank refused invoice " + invoice + " <b>(code 4711)</b>", cause);
    }
  }

  private void send(Object invoice) throws IOException {
    throw new IOException("connection reset by bank.example:443 while sending " + invoice);
  }
}
