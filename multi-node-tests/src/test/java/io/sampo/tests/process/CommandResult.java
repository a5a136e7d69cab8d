package io.sampo.tests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/** What a finished command said and how it ended. */
public record CommandResult(List<String> command, int exitCode, String out, String err) {

  /** This result, once it is sure that the command ended well. */
  public CommandResult succeeded() {
    assertEquals(0, exitCode, () -> "exit code of " + describe());
    return this;
  }

  /** This result, once it is sure that the command failed. */
  public CommandResult failed() {
    if (exitCode == 0) {
      throw new AssertionError("should have failed: " + describe());
    }
    return this;
  }

  /** Lines of the standard output, without the empty last one. */
  public List<String> lines() {
    return out.lines().toList();
  }

  private String describe() {
    return String.join(" ", command) + "\n" + out + "\n" + err;
  }
}
