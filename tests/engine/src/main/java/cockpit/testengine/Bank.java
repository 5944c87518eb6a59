package cockpit.testengine;

import java.io.IOException;
import org.springframework.stereotype.Component;

/** What the invoice process calls: slow or failing work, by the variables of the process instance. */
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
