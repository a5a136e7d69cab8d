package io.sampo.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints in the ways in which etcd's client takes them. */
class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "localhost:2379,localhost,2379,localhost:2379,",
    "http://127.0.0.1:1,127.0.0.1,1,127.0.0.1:1,false",
    "https://h:1/path,h,1,h:1,true",
    "https://[::1]:2379,::1,2379,[::1]:2379,true",
    "name,name,-1,name,",
    "unix:///var/run/e.sock,e.sock,0,/var/run/e.sock,",
    "unixs:e.sock,e.sock,0,e.sock,true",
    "unix://localhost:1,localhost:1,0,localhost:1,"
  })
  void anEndpointIsRead(String text, String host, int port, String address, Boolean secure) {
    Endpoint endpoint = Endpoint.parse(text);

    assertEquals(host, endpoint.host());
    assertEquals(port, endpoint.port());
    assertEquals(address, endpoint.address());
    assertEquals(Optional.ofNullable(secure), endpoint.secure());
    assertEquals(port == 0, endpoint.socket().isPresent());
  }
}
