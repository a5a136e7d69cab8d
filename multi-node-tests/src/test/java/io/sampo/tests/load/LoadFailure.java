package io.sampo.tests.load;

/** A server answered with an error or closed a connection: such a run measures nothing. */
public final class LoadFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  LoadFailure(String message) {
    super(message);
  }
}
