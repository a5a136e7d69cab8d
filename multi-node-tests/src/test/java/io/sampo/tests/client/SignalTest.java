package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.tests.process.Command;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that is told to end does so in order and then ends by that signal, as etcd does. Java
 * cannot tell that from an exit code of 143, so Python looks.
 */
@RequiresTool("python3")
class SignalTest {
  private static final String LOOK =
      """
      import os, signal, subprocess, sys, time
      number = getattr(signal, "SIG" + sys.argv[1])
      signal.signal(number, signal.SIG_DFL)  # whatever starts the tests may ignore it
      server = subprocess.Popen(sys.argv[2:], stderr=subprocess.PIPE, text=True)
      for line in server.stderr:
          if "ready to serve client requests" in line:
              break
      time.sleep(1)  # for the lines of the start behind this one
      os.kill(server.pid, number)
      rest = server.stderr.read()
      status = os.waitpid(server.pid, 0)[1]
      print(os.WIFSIGNALED(status) and os.WTERMSIG(status) == number, "closed etcd server" in rest)
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void theProcessEndsByTheSignalAfterAnOrderlyStop(String signal) {
    String client = "http://127.0.0.1:" + FreePorts.take();
    String peer = "http://127.0.0.1:" + FreePorts.take();
    List<String> words = new ArrayList<>(List.of("python3", "-c", LOOK, signal));
    words.addAll(ServerProgram.underTest().command());
    words.addAll(
        List.of(
            "--name=m",
            "--data-dir=" + directory.resolve("data"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer));
    assertEquals(
        "True True",
        Command.of(words).limit(Duration.ofMinutes(5)).run().succeeded().out().strip());
  }
}
