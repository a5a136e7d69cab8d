package io.sampo.gateway.json;

/**
 * Text that is not JSON, or JSON that does not fit the message. It has no stack trace, because bad
 * input is a value and not an accident; its message is the text that a Go server would answer.
 */
public final class JsonSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  public JsonSyntaxException(String message) {
    super(message, null, false, false);
  }
}
