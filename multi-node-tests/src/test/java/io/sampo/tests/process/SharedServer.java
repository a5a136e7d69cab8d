package io.sampo.tests.process;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One server for all tests of a class (a static field with {@code @RegisterExtension}). */
public final class SharedServer implements BeforeAllCallback, AfterAllCallback {

  private final String[] extraFlags;
  private ServerUnderTest server;

  private SharedServer(String... extraFlags) {
    this.extraFlags = extraFlags.clone();
  }

  /** The program under test with these flags beside the usual ones. */
  public static SharedServer withFlags(String... extraFlags) {
    return new SharedServer(extraFlags);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server = ServerUnderTest.start(ServerProgram.underTest(), extraFlags);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (server != null) {
      server.close();
    }
  }

  public ServerUnderTest server() {
    return server;
  }
}
