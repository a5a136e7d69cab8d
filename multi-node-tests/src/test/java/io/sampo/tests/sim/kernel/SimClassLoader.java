package io.sampo.tests.sim.kernel;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Set;

/**
 * Finds what the application's loader finds, but for the files that Pekko reads again at every
 * start of an actor system: the manifest of each jar (to compare versions) and all default settings
 * ({@link SimSettings} holds them already). They were half of what a history cost.
 */
final class SimClassLoader extends ClassLoader {
  private static final Set<String> READ_ONCE =
      Set.of("META-INF/MANIFEST.MF", "reference.conf", "version.conf");

  static final SimClassLoader INSTANCE = new SimClassLoader();

  private SimClassLoader() {
    super(SimClassLoader.class.getClassLoader());
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return READ_ONCE.contains(name) ? Collections.emptyEnumeration() : super.getResources(name);
  }
}
